// Loaded only where a proxy is set.
export { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';
