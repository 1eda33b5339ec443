import { otherTypes } from './other-types';
import type { ResourceType } from './resource-type';
import { sqlTypes } from './sql-types';
import { webTypes } from './web-types';

/** Every type of resource that a template may make here, by its name in small letters. */
const types: Readonly<Record<string, ResourceType>> = { ...sqlTypes, ...webTypes, ...otherTypes };

/** How resources of that type are made, or undefined for a type that the simulator does not have. */
export const resourceType = (type: string): ResourceType | undefined => types[type.toLowerCase()];
