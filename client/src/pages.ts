type Page<Item> = { readonly data: readonly Item[]; readonly iterator: string | null; readonly done: boolean };
type ListInput = { readonly query?: { readonly iterator?: string } };

/**
 * Every item of a list, page by page as they are needed:
 * `for await (const app of each(posthorn.listApplications)) …`
 */
export async function* each<Input extends ListInput, Item>(
  list: (input: Input) => Promise<Page<Item>>,
  input?: NoInfer<Input>,
): AsyncGenerator<Item, void, undefined> {
  let iterator = input?.query?.iterator;
  for (;;) {
    const query = { ...input?.query, ...(iterator !== undefined && { iterator }) };
    const page = await list({ ...input, query } as unknown as Input);
    yield* page.data;
    if (page.done || page.iterator === null) return;
    iterator = page.iterator;
  }
}
