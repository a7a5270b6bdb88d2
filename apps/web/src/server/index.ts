export { startUi, type RunningUi, type UiOptions } from './server.ts';
