/** JSON with comments, as the official emulator's configuration file may be. */

/** A string, which may hold what looks like a comment, or a comment. */
const TOKEN = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** The same text with each comment blanked out. */
export const withoutComments = (text: string): string => text.replace(TOKEN, (token) => (token.startsWith('"') ? token : ' '));
