import { takeFlaws, writeSeen } from './description-watch';

/** Every answer of an API that runs in a test is what the OpenAPI document says; one that is not fails the test that asked for it. */
function refuseFlaws(): void {
  const flaws = [...new Set(takeFlaws())];
  if (flaws.length > 0) throw new Error(`Answers that break the OpenAPI document:\n${flaws.join('\n')}`);
}

afterEach(refuseFlaws);

afterAll(() => {
  writeSeen();
  refuseFlaws();
});
