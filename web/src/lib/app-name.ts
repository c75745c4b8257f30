/** What the product calls itself, in one place. */
export const APP_NAME = 'Confab'
