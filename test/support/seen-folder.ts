/** Where test files write what they saw; set for projects that are looked at as a whole. */
export const SEEN_FOLDER = 'TEST_CONTRACT_FOLDER';
