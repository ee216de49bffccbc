import type { Position } from '@ledger/event-store/port';
import { Delay } from './delay';

const at = (position: number): Position => String(position).padStart(20, '0') as Position;

let delay: Delay;
beforeEach(() => {
  delay = new Delay();
});

test('before it follows the log a projection is late, however little there is to read', () => {
  delay.reach(at(1));
  expect(delay.seconds()).toBeGreaterThan(0);
  delay.end(at(1));
  expect(delay.seconds()).toBe(0);
});

test('an event that was appended and has not arrived makes it late until it arrives', () => {
  delay.end(undefined);
  delay.announce(at(1), undefined);
  delay.announce(at(2), undefined);
  expect(delay.seconds()).toBeGreaterThan(0);
  delay.reach(at(1));
  expect(delay.seconds()).toBeGreaterThan(0);
  delay.reach(at(2));
  expect(delay.seconds()).toBe(0);
});

test('one that arrived before it was announced makes it no later, nor does one announced out of order', () => {
  delay.end(at(1));
  delay.announce(at(1), at(3));
  expect(delay.seconds()).toBe(0);
  delay.announce(at(5), at(5));
  delay.announce(at(4), at(3));
  expect(delay.seconds()).toBe(0);
});

test('one that stopped stays late, whatever else it is told', () => {
  delay.end(at(1));
  delay.begin();
  delay.announce(at(2), at(1));
  delay.reach(at(2));
  expect(delay.seconds()).toBeGreaterThan(0);
});

test('one that comes back is late as long as what was appended meanwhile is missing', () => {
  delay.announce(at(7), undefined);
  delay.end(at(6));
  expect(delay.seconds()).toBeGreaterThan(0);
  delay.reach(at(7));
  expect(delay.seconds()).toBe(0);
});
