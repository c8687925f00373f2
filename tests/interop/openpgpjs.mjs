// openpgpjs.mjs - as much of the Stateless OpenPGP interface over openpgp.js as the
// tests need, so that it is tested with the same files as the programs that have it.
//
//     OPENPGPJS=.../openpgp.min.mjs node openpgpjs.mjs <>PIPE
//
// To start costs more than to work: it starts once and takes every line that comes down the pipe
// for a directory with a call in it: "args" is the working directory and the arguments, each with a
// zero byte behind it, "in" is standard input.  It writes "out" and "err", and the exit code to
// the pipe "done".  It ends with an empty line, or after some minutes without any.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const pgp = await import(process.env.OPENPGPJS);

class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

// {options: {name: [value...]}, files: [path...]}
function parse(args) {
  const options = {};
  const files = [];
  const known = ['profile', 'with-key-password', 'with-password', 'sign-with', 'verify-with',
    'verifications-out', 'as', 'no-armor'];
  const flags = ['no-armor'];
  while (args.length > 0) {
    const arg = args.shift();
    if (!arg.startsWith('--')) {
      files.push(arg);
      continue;
    }
    const at = arg.indexOf('=');
    const name = arg.slice(2, at < 0 ? undefined : at);
    if (!known.includes(name)) throw new Failure(37, `--${name}: no such option`);
    const value = flags.includes(name) ? true : at < 0 ? args.shift() : arg.slice(at + 1);
    (options[name] ??= []).push(value);
  }
  return { options, files };
}

// Of the present call.
let call;
let options;
let files;
let printed;

const one = (name, otherwise) => options[name]?.[0] ?? otherwise;
const all = (name) => options[name] ?? [];

const text = (path) => readFileSync(path, 'utf8');
const input = () => readFileSync(`${call}/in`);
const isArmor = (bytes) => bytes.subarray(0, 11).toString() === '-----BEGIN ';

function print(data) {
  printed.push(Buffer.from(data));
}

const format = () => (one('no-armor') ? 'binary' : 'armored');

const readCert = async (path) => {
  const bytes = readFileSync(path);
  return isArmor(bytes) ? pgp.readKey({ armoredKey: bytes.toString() }) : pgp.readKey({ binaryKey: bytes });
};
const readCerts = (paths) => Promise.all(paths.map(readCert));

// Unlocked, with the passphrase in --with-key-password where it needs one.
async function readSecretKey(path) {
  const bytes = readFileSync(path);
  const privateKey = isArmor(bytes) ?
    await pgp.readPrivateKey({ armoredKey: bytes.toString() }) :
    await pgp.readPrivateKey({ binaryKey: bytes });
  if (privateKey.isDecrypted()) return privateKey;
  if (!options['with-key-password']) throw new Failure(67, 'the key is protected');
  return pgp.decryptKey({ privateKey, passphrase: text(one('with-key-password')) });
}
const readSecretKeys = (paths) => Promise.all(paths.map(readSecretKey));

const readMessage = (bytes) =>
  isArmor(bytes) ? pgp.readMessage({ armoredMessage: bytes.toString() }) : pgp.readMessage({ binaryMessage: bytes });

// One line for each good signature: time, signing key, certificate.
async function verifications(signatures, certs) {
  const lines = [];
  for (const found of signatures) {
    try {
      await found.verified;
    } catch {
      continue;
    }
    const packet = (await found.signature).packets[0];
    for (const cert of certs) {
      for (const key of cert.getKeys(found.keyID)) {
        const at = packet.created.toISOString().replace('.000', '');
        const mode = packet.signatureType === pgp.enums.signature.text ? 'text' : 'binary';
        lines.push(`${at} ${key.getFingerprint()} ${cert.getFingerprint()} mode:${mode}\n`);
      }
    }
  }
  return lines;
}

// Exit code 3 where nothing is good, unless it does not matter.
async function report(signatures, certs, print, must) {
  const lines = await verifications(signatures, certs);
  if (must && lines.length === 0) throw new Failure(3, 'no good signature');
  print(lines.join(''));
}
const writeVerifications = (lines) => {
  if (options['verifications-out']) writeFileSync(one('verifications-out'), lines);
};

// What an armor's header line says is in it.
function armorType(bytes) {
  const tag = bytes[0] & 0x40 ? bytes[0] & 0x3f : (bytes[0] >> 2) & 0xf;
  return { 2: pgp.enums.armor.signature, 5: pgp.enums.armor.privateKey, 6: pgp.enums.armor.publicKey }[tag] ??
    pgp.enums.armor.message;
}

const asMessage = async () =>
  one('as', 'binary') === 'text' ?
    pgp.createMessage({ text: input().toString() }) :
    pgp.createMessage({ binary: input() });

const subcommands = {
  async 'generate-key'() {
    const [, name, email] = files[0].match(/^(.*) <(.*)>$/);
    const kind = {
      default: { type: 'ecc', curve: 'curve25519Legacy' },
      rfc4880: { type: 'rsa', rsaBits: 3072 },
      rfc9580: { type: 'curve25519', config: { v6Keys: true, aeadProtect: true } }
    }[one('profile', 'default')];
    const passphrase = options['with-key-password'] ? text(one('with-key-password')) : undefined;
    const { privateKey } = await pgp.generateKey({ ...kind, userIDs: [{ name, email }], passphrase, format: 'armored' });
    print(privateKey);
  },
  async 'extract-cert'() {
    const key = await pgp.readPrivateKey({ armoredKey: input().toString() });
    print(key.toPublic().armor());
  },
  async encrypt() {
    const aead = one('profile') === 'rfc9580';
    print(await pgp.encrypt({
      message: await pgp.createMessage({ binary: input() }),
      encryptionKeys: await readCerts(files),
      signingKeys: await readSecretKeys(all('sign-with')),
      passwords: options['with-password']?.map(text),
      format: format(),
      config: { aeadProtect: aead }
    }));
  },
  async decrypt() {
    const certs = await readCerts(all('verify-with'));
    const { data, signatures } = await pgp.decrypt({
      message: await readMessage(input()),
      decryptionKeys: await readSecretKeys(files),
      passwords: options['with-password']?.map(text),
      verificationKeys: certs,
      format: 'binary'
    });
    await report(signatures, certs, writeVerifications, false);
    print(data);
  },
  async sign() {
    print(await pgp.sign({
      message: await asMessage(),
      signingKeys: await readSecretKeys(files),
      detached: true,
      format: format()
    }));
  },
  async verify() {
    const [path, ...paths] = files;
    const bytes = readFileSync(path);
    const certs = await readCerts(paths);
    const { signatures } = await pgp.verify({
      message: await pgp.createMessage({ binary: input() }),
      signature: isArmor(bytes) ?
        await pgp.readSignature({ armoredSignature: bytes.toString() }) :
        await pgp.readSignature({ binarySignature: bytes }),
      verificationKeys: certs
    });
    await report(signatures, certs, print, true);
  },
  async 'inline-sign'() {
    const clear = one('as') === 'clearsigned';
    print(await pgp.sign({
      message: clear ? await pgp.createCleartextMessage({ text: input().toString() }) : await asMessage(),
      signingKeys: await readSecretKeys(files),
      format: clear ? 'armored' : format()
    }));
  },
  async 'inline-verify'() {
    const bytes = input();
    const certs = await readCerts(files);
    const clear = bytes.toString().startsWith('-----BEGIN PGP SIGNED MESSAGE-----');
    const { data, signatures } = await pgp.verify({
      message: clear ?
        await pgp.readCleartextMessage({ cleartextMessage: bytes.toString() }) :
        await readMessage(bytes),
      verificationKeys: certs,
      format: clear ? 'utf8' : 'binary'
    });
    await report(signatures, certs, writeVerifications, true);
    print(data);
  },
  async armor() {
    const bytes = input();
    print(pgp.armor(armorType(bytes), bytes));
  },
  async dearmor() {
    print((await pgp.unarmor(input().toString())).data);
  }
};

// Its exit code.
async function answer(args) {
  try {
    ({ options, files } = parse(args.slice(1)));
    const subcommand = subcommands[args[0]];
    if (!subcommand) throw new Failure(69, `${args[0]}: no such subcommand`);
    await subcommand();
    return 0;
  } catch (e) {
    writeFileSync(`${call}/err`, `openpgpjs: ${e.message}\n`);
    return e.code > 0 ? e.code : 1;
  }
}

const IDLE_MS = 5 * 60 * 1000;
const stop = () => process.exit(0);
let idle = setTimeout(stop, IDLE_MS);

for await (const line of createInterface({ input: process.stdin })) {
  if (line === '') stop();
  clearTimeout(idle);
  call = line;
  printed = [];
  const [directory, ...args] = readFileSync(`${call}/args`, 'utf8').split('\0').slice(0, -1);
  process.chdir(directory);
  const code = await answer(args);
  writeFileSync(`${call}/out`, Buffer.concat(printed));
  writeFileSync(`${call}/done`, `${code}\n`);
  idle = setTimeout(stop, IDLE_MS);
}
