const needed = [20, 19];

/** Fails unless this is a Node that everything here runs on. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return;
  throw new Error(
    `This is Node ${process.versions.node}; ${needed.join('.')} or later is needed (https://nodejs.org).`,
  );
}
