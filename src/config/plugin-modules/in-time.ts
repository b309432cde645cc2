const SECONDS = 30;

/** Its first lines: a module that waits for ever would hold up every command, or end it without a word. */
export async function inTime<Answer>(loaded: Promise<Answer>, ms = SECONDS * 1000): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not loaded within ${ms / 1000} seconds`)), ms);
  });
  try {
    return await Promise.race([loaded, late]);
  } finally {
    clearTimeout(timer);
  }
}
