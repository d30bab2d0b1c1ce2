// SPDX-License-Identifier: ISC
// times.js — how long people have, as in the terminal.  Tests make these short.

export const HOUR_MS = 60 * 60 * 1000;
export const WITHIN_MS = 30 * 60 * 1000; // from the meeting to an outcome
export const WINDOW_HOURS = 12; // to confirm in, after a pause
export const KEEP_HOURS = 48; // after the window, to fetch what came of it
