export const Nothing = 5;
