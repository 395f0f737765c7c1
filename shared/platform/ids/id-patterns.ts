/** Pure: what ids look like, whoever gives them. */

/** Of a partner, the first part of all its account names; without a dash, so two partners can never share a name. */
export const PARTNER_ID = /^[a-z0-9]{2,20}$/;

/** Of what callers name themselves: customers, profiles, rules. */
export const CHOSEN_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
export const CUSTOMER_ID = CHOSEN_ID;

/** Of what this API names, such as orders and subscriptions: only whether it can be one; which there are, the store knows. */
export const GIVEN_ID = /^[A-Za-z0-9_-]{1,64}$/;
