import { type DynamicModule, Module, type Provider } from '@nestjs/common';

/** The adapters that a profile chose, for every module of a process. */
@Module({})
export class AdaptersModule {
  static with(providers: Provider[]): DynamicModule {
    const tokens = providers.map((provider) => (typeof provider === 'function' ? provider : provider.provide));
    return { module: AdaptersModule, global: true, providers, exports: tokens };
  }
}
