// Draws the README's picture, docs/images/overview-light.svg and -dark.svg: node scripts/picture.mjs
//
//   --check    changes nothing; exit status 1 where a file differs from what would be drawn

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../docs/images');

/** GitHub's own colours, so that the picture looks like a part of the page. */
const themes = {
  light: {
    text: '#1f2328',
    soft: '#59636e',
    line: '#818b98',
    box: '#f6f8fa',
    key: '#0969da',
    secret: '#bc4c00',
  },
  dark: {
    text: '#f0f6fc',
    soft: '#9198a1',
    line: '#656c76',
    box: '#151b23',
    key: '#4493f8',
    secret: '#f0883e',
  },
};

const ALT =
  'A stack goes through plan and apply to the provider, which creates a key on the Lightsail bucket, tries it on S3, ' +
  'and writes the secret to its destination. The state gets the ID of the key only.';

function drawing({ text, soft, line, box, key, secret }) {
  const room = (x, y, width, height, title, ...lines) => {
    const middle = x + width / 2;
    const first = y + height / 2 - ((lines.length * 18) / 2 - 5);
    return `  <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${box}" stroke="${line}"/>
  <text x="${middle}" y="${first}" text-anchor="middle" font-weight="600" fill="${text}">${title}</text>
${lines.map((words, index) => `  <text x="${middle}" y="${first + 18 * (index + 1)}" text-anchor="middle" font-size="13" fill="${soft}">${words}</text>`).join('\n')}`;
  };
  const arrow = (path, colour, end, dashed = false) =>
    `  <path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#${end})"/>`;
  const words = (x, y, colour, what, anchor = 'middle') =>
    `  <text x="${x}" y="${y}" text-anchor="${anchor}" font-size="13" fill="${colour}">${what}</text>`;
  const tip = (id, colour) =>
    `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="${colour}"/></marker>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 330" role="img" aria-label="${ALT}" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="15">
  <title>${ALT}</title>
  <defs>${tip('tip', line)}${tip('key', key)}${tip('secret', secret)}</defs>
${room(10, 110, 190, 90, 'Your stack', 'CDKTF, CDK Terrain', 'or plain Terraform')}
${room(310, 85, 220, 140, 'The provider', 'comes with npm install', 'finishes or withdraws', 'what a dead run has left')}
${room(660, 20, 210, 90, 'Lightsail bucket', 'two keys at most', 'S3 accepts the new one')}
${room(660, 200, 210, 110, 'Destination', 'Secrets Manager, SSM,', 'Vault, file, program of', 'yours, or a sealed output')}
${room(10, 262, 190, 58, 'Terraform state', 'the ID of the key only')}
${arrow('M200 155H306', line, 'tip')}
${words(253, 145, soft, 'plan, apply')}
${arrow('M530 120H590V65H656', key, 'key')}
${words(600, 140, key, '1 create, once · 3 try on S3', 'start')}
${arrow('M530 200H590V255H656', secret, 'secret')}
${words(600, 190, secret, '2 write aside · 4 put in place', 'start')}
${arrow('M420 225V291H204', line, 'tip', true)}
${words(312, 281, soft, 'key ID, no secret')}
</svg>
`;
}

const isCheck = process.argv.includes('--check');
mkdirSync(folder, { recursive: true });
for (const [theme, colours] of Object.entries(themes)) {
  const path = join(folder, `overview-${theme}.svg`);
  const drawn = drawing(colours);
  if (!isCheck) writeFileSync(path, drawn);
  else if (readFileSync(path, 'utf8') !== drawn) {
    console.error(`${path} is not what scripts/picture.mjs draws: run it and commit the result.`);
    process.exitCode = 1;
  }
}
