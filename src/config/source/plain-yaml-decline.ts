/** Thrown for everything that is left to a whole parser. Not an error: it carries nothing and is always caught. */
export class Decline {}
