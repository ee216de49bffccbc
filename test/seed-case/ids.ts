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

const GAP_IDS = {
  G01: 'gap_d307d093-abd8-4f98-b420-372eb25cb97e',
  G02: 'gap_569e0d81-e1c1-4e5b-92f5-e8321070bb89',
  G03: 'gap_d77fffad-3df6-49f6-8ee0-be8dfb609881',
  G04: 'gap_8d56adb6-a0ea-424f-a286-3016d429f977',
  G05: 'gap_e550999c-466c-40fd-af27-4ca07467f807',
  G06: 'gap_16eee629-5b14-4b44-a50e-eaf49f9404aa',
  G07: 'gap_8ca47ed1-7415-4d1b-918d-3f93f2f6407d',
  G08: 'gap_0fd0da75-4944-4a18-a946-260f696866e5',
  G09: 'gap_6aa0cf97-8de8-48bb-b5c3-6948a7af01f4',
  G10: 'gap_1d15f466-2d26-4e04-9513-8937c17246dc',
  G11: 'gap_650f0838-8c06-4d1a-929b-0573152def00',
  G12: 'gap_305dec92-b6f7-4c68-8e62-95143c51004e',
  G13: 'gap_9e138c71-f76c-4d2f-98be-cac44687ec51',
  G14: 'gap_24a71245-ab89-420e-9102-3f7b2b2f230f',
  G15: 'gap_27ac957d-f81a-4490-982b-fe5054e31ca9',
  G16: 'gap_5d231371-62c6-407c-8696-492be5fe4d66',
  G17: 'gap_c5a91911-1b7a-4f4b-8932-eb921812d683',
  G18: 'gap_f48c15a9-6288-4fa8-94f7-74b4e339bc00',
  G19: 'gap_2fe4f294-830a-41c2-af4b-a6e74cc643a9',
  G20: 'gap_4a80077b-dee2-41a7-89bc-7d6fba87cf11',
} as const;

const QUESTION_IDS = {
  C1: 'question_680441bb-d99a-4350-b57f-620f817ef22b',
  C2: 'question_0317ea7d-04d5-4f99-98e9-32e7c43ac460',
  C3: 'question_42a5afa7-b77a-4b50-b37d-0cb11251bc01',
  C4: 'question_4fc5d828-1839-4fd3-82c4-f12db738c060',
  C5: 'question_a2ad616f-a8a4-480a-ad9d-5249088bdec5',
  C6: 'question_4c64d09b-30b3-4fd3-bf9c-78d27b2fd48d',
  C7: 'question_9b164d94-1d62-434e-bb20-6af5e17f20ea',
  C8: 'question_553fdf39-e520-4675-9ef1-7009a34cccd7',
  C9: 'question_dcc42c33-95f7-4e68-b2c2-8adc4bf4e1e9',
  C10: 'question_cad1ea81-258f-4965-81ba-f61f658d7750',
  C11: 'question_ac17b63d-3ce7-4bdf-846b-fb187092002f',
  C12: 'question_8ef288e8-5e11-4873-b249-16aaf8bd4563',
  C13: 'question_e1bc0035-f30d-4515-badb-28d141501759',
} as const;

export type Reference = keyof typeof FACT_IDS;
export type GapReference = keyof typeof GAP_IDS;
export type QuestionReference = keyof typeof QUESTION_IDS;

/** F01 to F54, in this order. */
export const REFERENCES = Object.keys(FACT_IDS) as readonly Reference[];

export const factIdOf = (reference: Reference): string => FACT_IDS[reference];
export const gapIdOf = (reference: GapReference): string => GAP_IDS[reference];
export const questionIdOf = (reference: QuestionReference): string => QUESTION_IDS[reference];
