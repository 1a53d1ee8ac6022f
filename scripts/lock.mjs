// One at a time, without anything installed: a lock file that is there whole, or not at all, and is touched while it is held.
import { linkSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_MS = 10_000;
const STALE_MS = 120_000; // untouched so long: its process is gone, whatever runs under its number by now

/** @param {string} file @returns {boolean} whether it is ours now */
function take(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(own);
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // there, and somebody else's
  }
}

/** Takes a lock away whose process is gone: one that is empty, names no process, or was not touched for long. @param {string} file */
function clearStale(file) {
  try {
    const text = readFileSync(file, 'utf8');
    const pid = Number(text);
    if (Number.isInteger(pid) && pid > 0 && alive(pid) && Date.now() - statSync(file).mtimeMs < STALE_MS) return;
    const aside = `${file}.stale.${process.pid}`;
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, file); // another was quicker, and this is its own
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error; // gone meanwhile
  }
}

/**
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {number} limitMs
 * @returns {Promise<T>}
 */
export async function locked(file, work, limitMs) {
  const end = Date.now() + limitMs;
  while (!take(file)) {
    if (Date.now() > end)
      throw new Error(`Another \`npm start\` or \`npm test\` has been preparing for ${Math.round(limitMs / 60_000)} minutes; end it, or remove ${file}.`);
    clearStale(file);
    await sleep(200);
  }
  const touching = setInterval(() => utimesSync(file, new Date(), new Date()), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    rmSync(file, { force: true });
  }
}
