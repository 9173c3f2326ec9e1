import { VARIABLES } from './variables.js';
import type { Variable } from './variables.js';

/** Values `.env.example` suggests where a service's default is not what an operator wants. */
const SUGGESTED: Readonly<Record<string, string>> = {
  NIP98_MAX_AGE_S: '3600',
};

/** What only docker-compose.yml and tools/migrate.mjs read. */
const COMPOSE = [
  '',
  '# The rest is for docker compose alone.',
  '',
  "# Passwords of the database's owner and of the services' roles: letters and digits, because they become part of a URL.",
  ...['POSTGRES', 'GATEWAY_DB', 'BILLING_DB', 'PROVISIONER_DB', 'ROBOT_DB'].map((name) => `${name}_PASSWORD=`),
  '',
  '# Where the API is published. Default: 127.0.0.1:2892.',
  '# SERVER_PUBLISH=',
  '',
  '# A plans file of your own, as JSON, on the host. Default: prisma/platform/plans.json.',
  '# PLANS_FILE=',
];

/** The text of `.env.example`: every variable, commented; required ones empty and not commented out. */
export function envExample(): string {
  const head = [
    '# Copy to .env and fill in. `npm start` runs the same services against what is set here; what stays empty is a stand-in.',
    '# Lists are separated by commas. Which service reads what: docs/configuration.md.',
  ];
  return `${[...head, ...VARIABLES.flatMap(envLines), ...COMPOSE].join('\n')}\n`;
}

function envLines(variable: Variable): string[] {
  const value = SUGGESTED[variable.name] ?? '';
  const isSet = variable.default === null || value !== '';
  const standard = variable.default ? ` Default: ${variable.default}.` : '';
  return ['', `# ${variable.about}${standard}`, `${isSet ? '' : '# '}${variable.name}=${value}`];
}

/** The table of docs/configuration.md: variable × service × default × sandbox value. */
export function configurationPage(): string {
  const rows = VARIABLES.map(
    ({ name, services, default: standard, sandbox, about }) =>
      `| \`${name}\` | ${services.length === 4 ? 'all' : services.join(', ')} | ${standard === null ? '**required**' : standard || '–'} | ${sandbox ?? 'the default'} | ${about} |`,
  );
  return `# Configuration

Every service reads its variables once, at start, and refuses to start naming each one that is missing or malformed. Lists are
separated by commas. \`.env.example\` has all of them to fill in. This page is made from \`libs/sandbox/src/variables.json\`
(\`UPDATE_DOCS=1 npm test -- libs/sandbox\`).

| variable | services | default | in the sandbox | what it is |
|---|---|---|---|---|
${rows.join('\n')}

\`tools/migrate.mjs\` reads \`DATABASE_URL\` (a user that owns the database and may create roles), \`PLANS_FILE\` (default
\`prisma/platform/plans.json\`) and the passwords to give the services' roles: \`GATEWAY_DB_PASSWORD\`, \`BILLING_DB_PASSWORD\`,
\`PROVISIONER_DB_PASSWORD\`, \`ROBOT_DB_PASSWORD\`.
`;
}
