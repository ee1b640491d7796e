/**
 * One runner, five scopes told by the file name: unit (no server, no disk), int (one real store),
 * contract (one port, every adapter), e2e (the whole server over HTTP).
 */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#libs/(.*)\\.js$': '<rootDir>/libs/$1.ts',
    '^#apps/(.*)\\.js$': '<rootDir>/apps/$1.ts',
    '^#prisma/(.*)\\.js$': '<rootDir>/prisma/$1.ts',
    '^#test/(.*)\\.js$': '<rootDir>/test/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': ['@swc/jest'], 'node_modules/(cookie|content-disposition)/.+\\.js$': ['@swc/jest'] },
  transformIgnorePatterns: ['/node_modules/(?!(cookie|content-disposition)/)'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/data/', '<rootDir>/.cache/'],
  globalSetup: '<rootDir>/test/harness/servers-setup.mjs',
  globalTeardown: '<rootDir>/test/harness/servers-teardown.mjs',
  // Two cores run two suites; without this jest would leave one of them idle.
  maxWorkers: '100%',
  testTimeout: 30_000,
};
