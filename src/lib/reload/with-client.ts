/**
 * Opens a client for one piece of work and closes it after that. There may be ten thousand services, a reload has no end
 * of its own, and two runs of it may overlap: so each run has its own connections.
 */
export async function withClient<Client extends { close(): void }, T>(
  open: () => Promise<Client>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await open();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
