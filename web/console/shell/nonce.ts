/** The nonce the server gave this page: style tags written at run time need it, since the CSP allows no others. */

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

export const styleNonce = (): string => nonce;

// The scroll lock below dialogs writes a style tag of its own and looks for the nonce under this name.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
