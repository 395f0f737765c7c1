/** Lists page by page, as far as somebody wants to read. */

type Page<T> = { value: T[]; nextLink?: string };
type Ask<T> = (page: { continuationToken?: string | undefined; maxpagesize: string }) => Promise<{ body: Page<T> }>;

const PAGE = 100;
export const LIMIT_FLAG = { limit: { what: 'how many to list (100)', value: 'N' } } as const;
const DEFAULT_LIMIT = 100;

/** The first `limit` entries of a listing, or as many as there are. */
export const firstOf = async <T>(ask: Ask<T>, limit: string | undefined): Promise<T[]> => {
  const wanted = Number(limit ?? DEFAULT_LIMIT);
  const found: T[] = [];
  for (let continuationToken: string | undefined; ;) {
    const { body } = await ask({ continuationToken, maxpagesize: String(Math.min(PAGE, wanted - found.length)) });
    found.push(...body.value);
    if (body.nextLink === undefined || found.length >= wanted) return found.slice(0, wanted);
    continuationToken = new URL(body.nextLink).searchParams.get('continuationToken') ?? undefined;
  }
};
