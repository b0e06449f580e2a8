'use strict';

/** `Event`, `EventTarget`, `AbortController` and `AbortSignal`: the library's, which tells us of listeners that throw. */

const events = own('./library')('internal/event-target');

// Nobody waits for a listener: its error is the script's, as an unhandled rejection is.
events.setErrorHandler(({ error }) => {
  Promise.reject(error);
});
events.setWarningHandler(() => {});

module.exports = events;
