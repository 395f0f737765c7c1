/** Pure: telephone numbers as callers write them. */

/** ITU-T E.164 with the plus; 3 to 16 characters, as the Provisioning API takes them. */
export const E164 = /^\+[1-9]\d{1,14}$/;
