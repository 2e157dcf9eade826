// Without the usual .js: Jest loads a globalSetup with Node's own resolver, which finds no sources by that name.
export { openRunFolder as default } from './run-folder';
