/** The package that is deployed: the bundle, host.json and a package.json that names nothing but the entry. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, type BundledFile } from './bundle.ts';
import { zipFolder } from './zip-folder.ts';

export type MadePackage = { folder: string; zip: string; zipBytes: number; files: BundledFile[] };

type Manifest = { name: string; version: string; license: string; engines: Record<string, string> };

/** Makes `<outDir>/package` and `<outDir>/package.zip` of the project at `root`; what was there is removed. */
export const makePackage = async (root: string, outDir: string): Promise<MadePackage> => {
  const folder = join(outDir, 'package');
  const zip = join(outDir, 'package.zip');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = await bundle({ root, outDir: folder, mapsDir: join(outDir, 'package-maps') });
  cpSync(join(root, 'host.json'), join(folder, 'host.json'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const { name, version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name, version, license, private: true, main: 'main.cjs', engines }, null, 2)}\n`,
  );
  return { folder, zip, zipBytes: zipFolder(folder, zip), files };
};
