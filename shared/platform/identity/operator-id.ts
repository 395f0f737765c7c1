/** Pure: the id that stands where a partner's would and no partner is concerned: the operator's. */

/** No partner can be called so (`partnerId` of partners/model.ts). It stands in stored rows and keys, so it never changes. */
export const OPERATOR_ID = 'operator';
