/** Paths of the programs that check the Dockerfile, docker-compose.yml and k8s; installs them if they are missing. */
export function deployTools(
  tell: (line: string) => void,
): Promise<{ python: string; kubectl: string; hadolint: string }>;
