/** Without colours of its own but for signs; both schemes have a contrast of at least 4.5 to 1. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c2127; --soft: #57606a; --rule: #d8dee4; --wash: #f6f8fa;
  --life: #3b73b9; --off: #8c959f; --late: #c2410c; --bad: #b42318; --good: #1a7f37; --link: #0a5ab8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e6e9ed; --soft: #a3acb6; --rule: #333b44; --wash: #1c2229;
    --life: #6aa5ec; --off: #818b96; --late: #f0883e; --bad: #ff8d7f; --good: #5fcf7c; --link: #7db7ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 68rem; padding: 2.5rem 1.5rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 0 0 1rem; padding-top: 2.5rem; font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; line-height: 1.4; }
p { margin: .5rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
time { white-space: nowrap; }
ul { margin: 0; padding: 0; list-style: none; }
.about, footer, .region, .meaning { color: var(--soft); }
.verdict {
  margin: 1.5rem 0 0; padding: .75rem 1rem; border-left: .3rem solid var(--bad); background: var(--wash);
  font-size: 1.25rem; font-weight: 600;
}
.verdict.clean { border-color: var(--good); }
.verdict.incomplete { border-color: var(--late); }
.numbers { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1rem; margin: 0 0 1.5rem; }
.numbers div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.numbers dt { color: var(--soft); font-size: .875rem; }
.numbers dd { margin: 0; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
caption { padding-bottom: .5rem; text-align: left; color: var(--soft); font-size: .875rem; }
th, td { padding: .45rem .5rem; border-top: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: 400; }
thead th { border: 0; color: var(--soft); font-size: .875rem; vertical-align: bottom; }
th:first-child { padding-left: 0; }
td:last-child, th:last-child { padding-right: 0; }
tbody th { font-weight: 600; }
.meaning { font-weight: 400; }
.number { text-align: right; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
.found .number:last-child { color: var(--bad); font-weight: 700; }
.findings li { padding: .6rem 0 .6rem .9rem; border-left: 2px solid var(--bad); margin: .5rem 0; }
.findings.unread li { border-color: var(--late); }
.findings code { padding: .1em .3em; border-radius: .2rem; background: var(--wash); }
.count { margin-left: .3rem; color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
summary { padding: .5rem 0; color: var(--link); cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1rem; color: var(--soft); font-size: .875rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.buckets > li { padding: 1rem 0; border-top: 1px solid var(--rule); }
.buckets > li:target { box-shadow: -.6rem 0 var(--paper), -.8rem 0 var(--link); }
.buckets h3 { margin: 0 0 .5rem; }
.region { margin-left: .4rem; font-weight: 400; font-size: .875rem; }
.keys > li { display: grid; grid-template-columns: minmax(0, 24rem) minmax(0, 1fr); gap: 0 1.5rem; }
.facts { padding: .3rem 0 .6rem; }
.key { margin: 0; }
.key code { font-weight: 600; }
.state, .tag { padding: 0 .35rem; border: 1px solid; border-radius: .25rem; font-size: .75rem; white-space: nowrap; }
.state { color: var(--soft); }
.tag { color: var(--bad); }
.facts dl { margin: .1rem 0 0; font-size: .8125rem; }
.facts dt, .facts dd { display: inline; margin: 0; }
.facts dt { color: var(--soft); }
svg { display: block; overflow: visible; }
.line { width: 100%; height: 0; min-height: max(32px, 100%); }
.axis { width: calc(100% - 25.5rem); height: 18px; margin-left: 25.5rem; }
.axis text { fill: var(--soft); font-size: 11px; transform: translateX(4px); }
.sample { width: 28px; height: 34px; flex: none; }
.defs { position: absolute; width: 0; height: 0; }
.tick { stroke: var(--rule); }
.now { stroke: var(--soft); stroke-width: 1.5; }
.life { fill: var(--life); opacity: .75; }
.inactive { fill: none; stroke: var(--off); stroke-width: 1.5; }
.overlap { fill: url(#hatch); stroke: var(--ink); stroke-width: 1; }
.hatch { fill: var(--ink); }
.late { fill: var(--late); }
.ahead { stroke: var(--life); stroke-width: 1.5; stroke-dasharray: 3 3; }
.used { fill: var(--ink); stroke: var(--paper); stroke-width: 2; }
.due { fill: var(--paper); stroke: var(--ink); stroke-width: 1.75; }
.names { columns: 16rem; font-size: .875rem; color: var(--soft); }
.scope { margin: 0; }
.scope > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 1rem; padding: .5rem 0; border-top: 1px solid var(--rule); }
.scope dt { color: var(--soft); }
.scope dd { margin: 0; }
.plain li { padding: .15rem 0; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); font-size: .875rem; }
@media (max-width: 45rem) {
  body { padding: 1.5rem 1rem; }
  h1 { font-size: 1.5rem; }
  .numbers { grid-template-columns: repeat(2, 1fr); }
  .keys > li { grid-template-columns: minmax(0, 1fr); }
  .facts { padding-bottom: 0; }
  .axis { width: 100%; margin-left: 0; }
  .meaning { display: block; }
  .scope > div { grid-template-columns: minmax(0, 1fr); gap: .25rem; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --soft: #444; --rule: #bbb; --wash: #fff;
    --life: #3b73b9; --off: #777; --late: #c2410c; --bad: #9a1b12; --good: #14652b; --link: #000;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .buckets > li, .findings li, .keys > li, tr { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
}
`;
