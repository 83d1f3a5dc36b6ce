/** The `evenkeel` program: each command loads only what it needs, so that `--help` is instant. */
import { readdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';

// Takes a third off the time to the first answer. A directory that cannot be written to is silently done without.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/compiled'));

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new InvalidArgumentError('a number from 0 to 65535');
  return value;
};

const program = new Command('evenkeel')
  .description('Self-hosted incident response: from the first alert to the finished improvement.')
  .showHelpAfterError()
  .enablePositionalOptions();

program
  .command('serve')
  .description('Start the product. Without DATABASE_URL it brings its own database.')
  .option('--demo', 'load a small believable company into an empty installation')
  .option('--port <number>', 'port to listen on (PORT, default 8080; 0 takes any free one)', port)
  .option('--host <address>', 'address to listen on (HOST, default 127.0.0.1)')
  .option('--started-by <links>', 'processes whose end is ours too; set by the launcher')
  .action(async (options) => (await import('./cli/serve.ts')).serveCommand(options));

program
  .command('migrate')
  .description('Bring the database to the schema of this version, without serving. `serve` does it by itself.')
  .option('--json', 'one JSON object instead of text')
  .action(async (options) => (await import('./cli/database.ts')).migrateCommand(options));

program
  .command('schema')
  .description('Write db/schema.sql from the migrations, by way of a throw-away database.')
  .option('--print', 'print it instead')
  .option('--check', 'change nothing; exit 1 when the file is not what the migrations make')
  .action(async (options) => (await import('./cli/database.ts')).schemaCommand(options));

program
  .command('doctor')
  .description('Look at this installation: versions, permissions, database, clocks, port, disk. Changes nothing.')
  .option('--port <number>', 'port to look at', port)
  .option('--host <address>', 'address to look at')
  .option('--json', 'one JSON object instead of text')
  .action(async (options) => (await import('./cli/doctor.ts')).doctorCommand(options));

program
  .command('probe')
  .description('Look at monitors from here for a product elsewhere. Calls outward only; needs no database.')
  .option('--url <address>', 'where the product is (EVENKEEL_URL)')
  .option('--token <token>', 'the token of this place (EVENKEEL_TOKEN)')
  .option('--plain', 'allow plain HTTP to another machine')
  .option('--once', 'look at everything once, say what was seen, and end')
  .option('--started-by <links>', 'processes whose end is ours too; set by the launcher')
  .action(async (options) => (await import('./cli/probe.ts')).probeCommand(options));

program
  .command('runner')
  .description('Run allowed commands here for a product elsewhere. Calls outward only; what may run stands in a file.')
  .requiredOption('--system <name>', 'the system of kind “runner” that it works for')
  .requiredOption('--allow <file>', 'the allow-list: JSON, program and arguments per command')
  .option('--url <address>', 'where the product is (EVENKEEL_URL)')
  .option('--token <token>', 'a token with the scopes playbooks.pollRunner and playbooks.finishRunner (EVENKEEL_TOKEN)')
  .option('--name <name>', 'what this machine is called')
  .option('--once', 'ask once, and end')
  .option('--started-by <links>', 'processes whose end is ours too; set by the launcher')
  .action(async (options) => (await import('./cli/runner.ts')).runner(options));

const status = program
  .command('status')
  .description(
    'Serve the public status page from files: from this installation’s folder, or copied from a product elsewhere.',
  )
  .option('--from <address>', 'the product to copy from; it may be down')
  .option('--dir <folder>', 'where the files are (default: below the data directory)')
  .option('--every <time>', 'how often to ask the product (default 5s)')
  .option('--stale-after <time>', 'claim nothing when the copy is older (default 10m)')
  .option('--port <number>', 'port to listen on', port)
  .option('--host <address>', 'address to listen on')
  .option('--started-by <links>', 'processes whose end is ours too; set by the launcher')
  .action(async (options) => (await import('./cli/status.ts')).statusCommand(options));
status
  .command('say')
  .description('Publish an emergency notice on the status page while the product is down, or end one.')
  .requiredOption('--key-file <file>', 'the emergency key, - for standard input')
  .option('--headline <words>', 'what customers notice, in a few words')
  .option('--text <words>', 'who is affected, what still works, what to do')
  .option('--next-update <time>', 'when they hear from us again, such as 30m')
  .option('--end <id>', 'take this notice off the page instead')
  .option('--to <address>', 'a running status page to send it to')
  .option('--dir <folder>', 'or the folder of its files')
  .option('--override <reason>', 'publish although the words break a rule')
  .option('--json', 'one JSON object instead of text')
  .action(async (options) => (await import('./cli/status.ts')).sayCommand(options));
status
  .command('notices')
  .description('What stands in a folder of the status page that the product has not heard of.')
  .option('--dir <folder>', 'the folder')
  .option('--json', 'one JSON object instead of text')
  .action(async (options) => (await import('./cli/status.ts')).listCommand(options));

program
  .command('audit')
  .description('The append-only record of every change.')
  .command('verify')
  .description('Recompute the hash chain of the whole audit log; exit 1 when it is broken.')
  .option('--json', 'one JSON object instead of text')
  .action(async (options) => (await import('./cli/audit.ts')).verifyCommand(options));

program
  .command('verify')
  .description('Check a bundle of an incident or an export of the audit log. Needs neither database nor product.')
  .argument('<file>', 'a .tar bundle or a .jsonl export')
  .option('--anchors <path>', 'signed heads kept outside: a folder or a file; finds what was cut or written again')
  .option('--key <id>', 'the id of the key it must be signed by')
  .option('--json', 'one JSON object instead of text')
  .addHelpText('after', '\nExit: 0 whole; 1 something was changed; 2 it cannot be read.')
  .action(async (file, options) => (await import('./cli/record.ts')).verifyRecordCommand(file, options));

const exporting = program
  .command('export')
  .description('Take the record out of the house, signed. Needs EVENKEEL_URL and EVENKEEL_TOKEN.');
exporting
  .command('incident')
  .description('The whole incident as one bundle: JSON, Markdown, files, manifest, signatures.')
  .argument('<incident>', 'its key or id')
  .option('--out <file>', 'where to; the key with .tar when absent')
  .option('--json', 'one JSON object instead of text')
  .action(async (incident, options) => (await import('./cli/record.ts')).exportIncidentCommand(incident, options));
exporting
  .command('audit')
  .description('The whole audit log as JSON lines with its hashes and signed heads.')
  .option('--out <file>', 'where to; audit.jsonl when absent')
  .option('--json', 'one JSON object instead of text')
  .action(async (options) => (await import('./cli/record.ts')).exportAuditCommand(options));

const importing = program
  .command('import')
  .description('Move from another pager. A dry run unless --apply is given. Needs EVENKEEL_URL and EVENKEEL_TOKEN.')
  .addArgument(
    new Argument('<vendor>', 'the pager to leave').choices([
      'opsgenie',
      'pagerduty',
      'oncall',
      'goalert',
      'statuspage',
    ]),
  )
  .option('--base-url <url>', 'its address, when it is not the usual one')
  .option('--key-file <file>', 'file with its API key, - for standard input (or EVENKEEL_IMPORT_KEY, or asked for)')
  .option('--from <path>', 'an export file or folder instead of its API')
  .option('--save <file>', 'only read, and write what was read to this file; needs no running product')
  .option('--apply', 'carry it over')
  .option('--overwrite <keys...>', 'rows in conflict for which the source wins, such as schedule:PI7DH85')
  .option('--send-invitations', 'mail every new person the link to join')
  .option('--all', 'show also what is the same')
  .option('--json', 'one JSON object instead of text')
  .addHelpText(
    'after',
    '\nExit: 0 nothing is left to do; 2 a dry run that would change something; 3 conflicts, refusals or failures remain; 1 it did not work.',
  )
  .action(async (vendor, options) => (await import('./cli/import.ts')).importCommand(vendor, options));
importing
  .command('bundle')
  .description('Take in the bundle of an incident of another installation, checked and read only.')
  .argument('<file>', 'the .tar')
  .option('--json', 'one JSON object instead of text')
  .action(async (file, options) => (await import('./cli/record.ts')).importBundleCommand(file, options));

program
  .command('import-catalog')
  .description(
    'Put Backstage files, Kubernetes manifests or service graph metrics on the map. A dry run unless --apply. Needs EVENKEEL_URL and EVENKEEL_TOKEN.',
  )
  .argument('<path>', 'a file, or a folder (a checkout) with its subfolders')
  .addOption(
    new Option('--format <format>', 'what the files are')
      .choices(['backstage', 'kubernetes', 'opentelemetry'])
      .default('backstage'),
  )
  .option('--source <name>', 'tells these files from others, for importing them again; the format when absent')
  .option('--apply', 'carry it over')
  .option('--json', 'one JSON object instead of text')
  .addHelpText(
    'after',
    '\nExit: 0 nothing is left to do; 2 a dry run that would change something; 3 references lead nowhere or files were not read; 1 it did not work.',
  )
  .action(async (path, options) => (await import('./cli/import-catalog.ts')).importCatalogCommand(path, options));

/** The rest of the program is the contract: `evenkeel incidents declare`, `evenkeel people onCall`. */
const fromContract = readdirSync(join(import.meta.dirname, '../../contract'))
  .filter((file) => /^[a-z]+\.ts$/.test(file) && file !== 'core.ts')
  .map((file) => file.slice(0, -3))
  .sort();
program.addHelpText(
  'after',
  `\nOver the API of a running product (EVENKEEL_URL, EVENKEEL_TOKEN):\n  ${fromContract.join(', ')}\n  e.g. evenkeel incidents declare --title "Checkout is down"`,
);
const asked = process.argv[2] ?? '';
if (fromContract.includes(asked)) await (await import('./cli/contract.ts')).addModule(program, asked);

program.parseAsync().catch(async (error: unknown) => {
  // The kernel refuses a wrong environment (PORT=http) while it loads: then there is nothing but its sentence.
  const { fail } = await import('./cli/say.ts').catch((refused: Error) => ({
    fail: () => {
      process.stderr.write(`${refused.message}\n`);
      process.exit(1);
    },
  }));
  fail(error);
});
