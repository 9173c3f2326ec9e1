import type { Move } from '@caravel/provisioning-data-access';
import type { InstanceRules } from '@caravel/provisioning-feature';

/** A move as one line: what happens now, how much is copied, how long the relay has answered nobody. */
export function moveLine({ relayId, source, target, state, ...move }: Move, now: Date): string {
  const parts = [`${relayId}  ${source} → ${target}  ${state.padEnd(9)}  ${move.events} events`];
  if (move.closedAt) {
    const awayS = ((move.openedAt ?? now).getTime() - move.closedAt.getTime()) / 1000;
    parts.push(`away ${awayS.toFixed(1)} s`);
  }
  if (move.tries > 0) parts.push(`${move.tries} failures`);
  if (move.error) parts.push(move.error);
  return parts.join('  ');
}

/** A table of the instances, configured or not. */
export function instanceLines(instances: readonly InstanceRules[], counts: ReadonlyMap<string, number>): string[] {
  const unlisted = [...counts.keys()].filter((name) => !instances.some((instance) => instance.name === name));
  const rows = [
    ['instance', 'relays', 'capacity', 'weight', ''],
    ...instances.map(({ name, capacity, weight, draining }) => [
      ...[name, String(counts.get(name) ?? 0), capacity === null ? '–' : String(capacity), String(weight)],
      draining ? 'draining' : '',
    ]),
    ...unlisted.map((name) => [name, String(counts.get(name) ?? 0), '–', '–', 'NOT IN ZOOID_INSTANCES']),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
