/** Every id of the sample: random once, fixed since, so that a second import is recognised as the first. */
export const SAMPLE_INCIDENT_ID = 'inc_a64f976a-933b-49fc-ab72-093c12566837';

/** Namespace from which the ids of the commands are derived (UUID version 5). */
export const COMMAND_NAMESPACE = 'd458cb8a-667d-46e7-a021-26bd12d95f28';

/** Individuals whom a source quotes without naming them: a pseudonym each. */
export const LONDON_MEMBER_ID = 'cc520bff-b029-4c49-982f-fe777d1d3378';
export const PARTY_SOURCE_ID = 'ab1faef5-3dc1-4fc9-ad02-2a686a7567d3';
export const ACTIVIST_ID = '2f270729-5e76-4aac-8f90-39b8fb9acab6';

const FACT_IDS = {
  F01: 'fact_9f202e93-9400-4442-b572-d32e00566b69',
  F02: 'fact_042c6692-c4d6-4769-8e48-c45cf77ac73e',
  F03: 'fact_5889e517-5572-40ca-8236-a327e35a1886',
  F04: 'fact_67175612-e6ca-4506-be11-2ec4dbdf0b4e',
  F05: 'fact_acaa9673-ef1b-43d4-9537-fe62e127f776',
  F06: 'fact_438fed21-8026-4b56-bc3c-2202830446ca',
  F07: 'fact_52ff3157-db78-4ba6-acd7-c45307f07b4c',
  F08: 'fact_6aa2491d-d7ad-4375-bd4b-56a05d60ad67',
  F09: 'fact_22f94acf-070a-4727-ba2e-99de7db845bc',
  F10: 'fact_695bfe2b-6fa2-4f2d-984a-f770358bddb9',
  F11: 'fact_e5bf011d-4a8f-4066-9d4e-a7de406d1b5f',
  F12: 'fact_dc39a2d2-8ca9-4fcb-84a0-98ffe20bbbd7',
  F13: 'fact_1cfe2307-8a78-44e6-88e6-a1b980e49ec2',
  F14: 'fact_ecb051f0-7c84-477c-a075-bf7682c476c2',
  F15: 'fact_dd648bd7-9252-49a1-8642-9a9f0f0056ca',
  F16: 'fact_d64f24ed-1dc8-492b-85ca-4ef3062a45ba',
  F17: 'fact_1a7197fe-2ee7-4ed7-979b-b694ca2baa6c',
  F18: 'fact_96e9e17b-09d6-46ef-8003-45144a19b75e',
  F19: 'fact_07a4faaf-7bfb-4e56-96f0-95b0d80758f9',
  F20: 'fact_a9e14f10-d2f5-42c1-8d96-3b212918611a',
  F21: 'fact_4c58210d-3a15-48af-a09e-14f86886a133',
  F22: 'fact_bb12623e-f79a-4aac-b19c-26179e3be32e',
  F23: 'fact_d32c2ae3-9bd1-47e0-8c14-726e6075ca32',
  F24: 'fact_2e425e9c-4825-4b9a-ac34-798804e97d2e',
  F25: 'fact_327860e8-f3d5-491d-af8c-0f784ed7a64e',
  F26: 'fact_6c9fb562-f2b2-48f2-968d-7206108b943c',
  F27: 'fact_f205e68d-897f-48df-a95a-def18df690d4',
  F28: 'fact_afac136f-d24a-4dfc-bedd-47a6ac8a77af',
  F29: 'fact_bd6f3d1a-ddff-4575-b54b-0350f0f46892',
  F30: 'fact_505d7df4-15e0-4deb-a253-ec6d161fffe4',
  F31: 'fact_257acc93-ff9d-4af1-9020-ec9e0f06fa9f',
  F32: 'fact_5867bec9-e641-48cb-bf7e-60e2e8327337',
  F33: 'fact_40f44713-d636-4400-a023-8db84050751e',
  F34: 'fact_106b2911-b006-45ec-8aa8-11e6356f5d8a',
  F35: 'fact_21f0c2ba-263e-4320-89df-bad114b3032a',
  F36: 'fact_42ba0864-1d63-4fc7-b53c-76aa2cb4df59',
  F37: 'fact_840ab921-2388-477e-aed2-527582ced632',
  F38: 'fact_4dd554aa-76c2-485f-9342-a2383c36ea55',
  F39: 'fact_99c5a2ba-7f51-4210-b444-71ddc7ecae7a',
  F40: 'fact_803f68d4-cfc7-4e5c-9ad2-fec19832428f',
  F41: 'fact_5704c0db-e728-4342-9808-bd385df10a41',
  F42: 'fact_dd823561-9a8c-47d3-8510-e9b0394a302a',
  F43: 'fact_b52b2ebf-f1d1-4018-9731-0b5376de1d0d',
  F44: 'fact_1362028b-838e-425d-8823-478913906ff8',
  F45: 'fact_5b40604d-f0c7-4d9a-8492-15bf2674098b',
  F46: 'fact_b10669c6-1699-4d9b-b046-2d42abfd3958',
  F47: 'fact_426a27ba-8bd8-430a-9565-0fb024aa1b41',
  F48: 'fact_57f93ad7-b495-4d20-9e82-f34abcc6c4d4',
  F49: 'fact_59a0ee02-5f9b-4a6d-80cd-5d77931e7754',
  F50: 'fact_73b2c307-3ed1-4ce4-9086-f71f627fd403',
  F51: 'fact_edf37432-2f80-4010-b27f-7a6244a499b5',
  F52: 'fact_344fe0ae-8946-494d-8d74-04822540cfa3',
  F53: 'fact_5a890a9f-4bdf-43f1-8649-a9f260cd810e',
  F54: 'fact_988228ac-16d8-45b2-9c49-09d5e7cc24ff',
} as const;

export type Reference = keyof typeof FACT_IDS;

/** F01 to F54, in this order. */
export const REFERENCES = Object.keys(FACT_IDS) as readonly Reference[];

export const factIdOf = (reference: Reference): string => FACT_IDS[reference];
