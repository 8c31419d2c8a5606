/** Does something so many times, with so many of them under way at once. */
export async function someAtOnce(count: number, atOnce: number, work: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const oneAfterTheOther = async () => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
}
