import type { Person } from '../../../src/engine/approval';

export const alex: Person = { id: 'alex', name: 'Alex Wilber', roles: ['responder'] };
export const megan: Person = { id: 'megan', name: 'Megan Bowen', roles: ['approver'] };
export const adele: Person = { id: 'adele', name: 'Adele Vance', roles: ['approver', 'security'] };
export const isaiah: Person = { id: 'isaiah', name: 'Isaiah Langer', roles: [] };
