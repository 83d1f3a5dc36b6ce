/** The server's settings: durable, small, silent on the network. */

export type Settings = Record<string, string>;

/** Quoted as PostgreSQL reads a list of directories: the path may hold spaces and commas. */
const quoted = (path: string) => `"${path.replaceAll('"', '""')}"`;

/** What we set, and why where it is not plain. `extra` wins. */
export function settingsFor(socketDir: string, extra: Settings): Settings {
  return {
    listen_addresses: '',
    unix_socket_directories: quoted(socketDir),
    unix_socket_permissions: '0700',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Memory: product and database together stay below 300 MB at rest.
    shared_buffers: '64MB',
    max_connections: '60',
    work_mem: '8MB',
    maintenance_work_mem: '32MB',
    autovacuum_max_workers: '2',
    autovacuum_worker_slots: '4',
    max_worker_processes: '4',
    max_parallel_workers: '2',
    io_method: 'sync', // PostgreSQL 18 would keep three worker processes
    huge_pages: 'off',
    jit: 'off', // compiling costs more than our short statements
    min_wal_size: '32MB',
    max_wal_size: '512MB',
    wal_compression: 'on',
    // A client that went away (killed product) must not keep its locks while its statement runs on.
    client_connection_check_interval: '2s',
    max_replication_slots: '0',
    max_wal_senders: '2',
    // LOG, FATAL and PANIC only: ordinary errors reach the caller, and statements may hold personal data.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    log_line_prefix: '',
    logging_collector: 'off',
    ...extra,
  };
}
