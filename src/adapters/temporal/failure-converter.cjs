// Loaded by the SDK with `require`, in worker, client and workflow isolate alike: messages and stacks of failures go through the codec.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
