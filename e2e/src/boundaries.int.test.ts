import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const planted = at('libs/billing/data-access/src/planted-boundary-violation.ts');

// Through Nx, as CI does: bare ESLint without a project graph skips the boundary rule and says that all is well.
it('the lint refuses another scope, an arrow that points up, a path into a library and a vendor outside its home', () => {
  copyFileSync(at('e2e/fixtures/boundary-violation.txt'), planted);
  try {
    const { status, stdout, stderr } = spawnSync(
      'npx',
      ['nx', 'lint', 'billing-data-access', '--skip-nx-cache', '--outputStyle=static'],
      {
        cwd: at(''),
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', FORCE_COLOR: '0' },
      },
    );
    const said = stdout + stderr;
    expect(status).not.toBe(0);
    expect(said).toContain('A project tagged with "scope:billing" can only depend on libs tagged with');
    expect(said).toContain('Projects cannot be imported by a relative or absolute path');
    expect(said).toContain('A project tagged with "type:data-access" can only depend on libs tagged with');
    expect(said).toContain('bullmq is used through libs/queue only');
  } finally {
    rmSync(planted);
  }
}, 120_000);
