/** 'ILDG' in the SQLite header: how we recognise a file of ours. */
export const APPLICATION_ID = 0x494c4447;
/** `user_version` of the file. Another table or column means another number. */
export const SCHEMA_VERSION = 1;

/**
 * `stream_head` says how far each stream reaches, and SQLite's own `sqlite_sequence` how far the log reaches: a row that
 * is missing from `event` is thereby seen, at the end as well as in the middle.
 * An id is not unique: the same id at a newer revision is another event, as on the server.
 */
export const TABLES = `
CREATE TABLE event (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  data BLOB NOT NULL,
  meta BLOB NOT NULL,
  leaf BLOB NOT NULL,
  UNIQUE (stream, revision)
) STRICT;
CREATE TABLE stream_head (stream TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

/**
 * Guards against accidents, on every connection: whoever can write the file can also drop them. What then happened is
 * found by leaf, revision and head on reading. The INSERT guards also stop INSERT OR REPLACE, which fires no DELETE trigger.
 */
export const GUARDS = `
CREATE TRIGGER IF NOT EXISTS event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'a stored event is never changed'); END;
CREATE TRIGGER IF NOT EXISTS event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'a stored event is never deleted'); END;
CREATE TRIGGER IF NOT EXISTS event_is_only_appended BEFORE INSERT ON event
WHEN NEW.revision <> (SELECT ifnull(max(revision), -1) + 1 FROM event WHERE stream = NEW.stream)
  OR EXISTS (SELECT 1 FROM event WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'an event only follows the last one of its stream'); END;
CREATE TRIGGER IF NOT EXISTS head_only_moves_forward BEFORE UPDATE ON stream_head
WHEN NEW.stream <> OLD.stream OR NEW.revision <= OLD.revision
BEGIN SELECT RAISE(ABORT, 'the head of a stream only moves forward'); END;
CREATE TRIGGER IF NOT EXISTS head_is_not_replaced BEFORE INSERT ON stream_head
WHEN NEW.revision <= (SELECT revision FROM stream_head WHERE stream = NEW.stream)
BEGIN SELECT RAISE(ABORT, 'the head of a stream only moves forward'); END;
CREATE TRIGGER IF NOT EXISTS head_is_never_deleted BEFORE DELETE ON stream_head
BEGIN SELECT RAISE(ABORT, 'the head of a stream is never deleted'); END;`;
