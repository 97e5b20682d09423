import { error, found, info, type Rule, remark, review } from './rule.ts';

/**
 * Texts in the data segments. How many real secrets, miners or addresses these rules miss is not measured: whoever encodes a text,
 * or puts it together in code, is not seen. They find accidents and carelessness.
 */
export const STRING_RULES = {
  'strings.secret': error('security', {
    needs: 'bytes',
    title: 'A credential stands in the file',
    why: 'Everyone who downloads the plugin can read it. Prefix and length of the issuer’s format are compared; a private key counts with its body only. A credential in another form, or encoded, is not seen.',
    fix: 'Revoke the credential now, then build without it and release a new version.',
    say: (f) => `looks like ${found(f)}; revoke it, it is public once the file is`,
  }),
  'strings.mining': review('security', {
    needs: 'bytes',
    title: 'Names of mining pools or miners',
    why: 'Pools, miners and the protocol between them have no business in a plugin. Without an import for the network it could not report its work. A miner that hides these words is not seen.',
    fix: 'Say in the notes why the text is there, or remove it.',
    say: (f) => `the data holds ${found(f)}`,
  }),
  'strings.onion': review('security', {
    needs: 'bytes',
    title: 'The address of a hidden service',
    why: 'Honest plugins name ordinary servers; a server that hides asks for a reason. An address in another form is not seen.',
    fix: 'Say in the notes what the service is for.',
    say: (f) => `the data holds ${found(f)}`,
  }),
  'strings.socket': remark('security', {
    needs: 'bytes',
    title: 'An address of a web socket',
    why: 'A lasting connection can bring instructions from outside. Only with a network capability could it be opened; an address put together by code is not seen.',
    fix: 'Name the host in the parameters of the network capability, so that users agree to it.',
    say: (f) => `the data holds addresses at ${found(f)}`,
  }),
  'strings.url': info('quality', {
    needs: 'bytes',
    title: 'Web addresses in the data',
    why: 'Most are links to documentation. They show whom a plugin with the network might contact; an address put together by code is not seen.',
    fix: 'Nothing, unless one of them surprises you.',
    say: (f) => `names ${found(f)}`,
  }),
  'strings.ip-address': remark('security', {
    needs: 'bytes',
    title: 'The number of a machine on the internet',
    why: 'Honest programs use names, which their owner can move; a number goes around every list of names. Private, reserved and documentation ranges and four small numbers, which are versions, do not count; a number in another form is not seen.',
    fix: 'Use a name, and declare it in the parameters of the network capability.',
    say: (f) => `the data holds ${found(f)}`,
  }),
  'strings.build-path': info('quality', {
    needs: 'bytes',
    title: 'A path of the machine that built it',
    why: 'It shows a user name or a folder to everyone, and makes the bytes differ from build to build.',
    fix: 'Build with path remapping (rustc --remap-path-prefix, clang -ffile-prefix-map) or in a container.',
    say: (f) => `the data holds paths below ${found(f)}`,
  }),
  'strings.dependency-path': info('quality', {
    needs: 'bytes',
    title: 'Paths of downloaded dependencies',
    why: 'They come from messages of panics and say what it was built from; with the path of a home folder in front they also say by whom.',
    fix: 'Build with path remapping, or leave it.',
    say: (f) => `the data holds paths of ${found(f)}`,
  }),
  'strings.shell': remark('security', {
    needs: 'bytes',
    title: 'The name of a command shell',
    why: 'A shell can only be started where the host gives subprocesses; C libraries carry the name for functions nobody calls. A name put together by code is not seen.',
    fix: 'Nothing, unless the plugin asks for subprocesses.',
    say: (f) => `the data holds ${found(f)}`,
  }),
  'strings.script': info('security', {
    needs: 'bytes',
    title: 'Text that would run as JavaScript or stands in a page',
    why: 'In a web page such text could run outside of the sandbox if the host hands it on. Toolchains for browsers leave it in honest files.',
    fix: 'Build for a host and not for a browser.',
    say: (f) => `the data holds ${found(f)}`,
  }),
} as const satisfies Record<string, Rule>;
