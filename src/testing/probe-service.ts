interface Probeable {
  emulator(): Promise<() => Promise<{ inject?: unknown; protocol?: string; stop(): Promise<void> }>>;
}

/** Of checks, reloads and notifiers. */
export async function probeService<Plugin extends Probeable>(
  load: () => Promise<Plugin>,
): Promise<{ readonly plugin: Plugin; readonly wire: boolean; readonly protocol: string | undefined }> {
  const plugin = await load();
  const emulator = await (await plugin.emulator())();
  await emulator.stop();
  return { plugin, wire: emulator.inject !== undefined, protocol: emulator.protocol };
}
