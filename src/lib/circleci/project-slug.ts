/** `gh/org/repo`, `bb/org/repo`, or `circleci/ORG-UUID/PROJECT-UUID` for GitLab and the GitHub App. */
export const PROJECT_SLUG =
  /^(?:gh|github|bb|bitbucket|circleci)(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+){2}$/;

/** The project in API v2. Whatever matches `PROJECT_SLUG` needs no encoding. */
export function projectPath(slug: string): string {
  return `/project/${slug}`;
}
