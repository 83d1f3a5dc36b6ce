/** Loads every module of the list, in order. The ground brings no commands. */
import { existsSync } from 'node:fs';
import { type Module, projectPath } from '#kernel';
import { MODULES } from '../modules.ts';

export async function loadModules(): Promise<Module[]> {
  const modules: Module[] = [];
  for (const name of MODULES) {
    if (name === 'kernel' || !existsSync(projectPath('src', name, 'index.ts'))) continue;
    // The bundler of the tests does not look for a file beside this one by a name made up at run time.
    const face = (name === 'app' ? await import('./index.ts') : await import(`../${name}/index.ts`)) as {
      module?: Module;
    };
    if (face.module) modules.push(face.module);
  }
  return modules;
}
