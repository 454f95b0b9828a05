/** The embedded PostgreSQL cannot run here, or not now. The message is one sentence for a person: what is wrong, where, what to do. */
export class PostgresUnavailableError extends Error {
  override name = 'PostgresUnavailableError';
}

/** Another process already owns the database in this directory and `exclusive` was asked for. */
export class DatabaseInUseError extends Error {
  override name = 'DatabaseInUseError';
  readonly dataDir: string;
  /** The process that owns it. */
  readonly pid: number;

  constructor(dataDir: string, pid: number) {
    super(
      `Another Seatmatch (process ${pid}) already serves the database in ${dataDir}: use that one, stop it first (kill ${pid}), or choose another data directory.`,
    );
    this.dataDir = dataDir;
    this.pid = pid;
  }
}
