/** Which HTTP function answers a method and path. */
import type { RegisteredFunction } from './registration.ts';
import { compareTemplates, matchTemplate, pathSegments } from './route-match.ts';
import type { RouteParameters } from './route-match.ts';
import { parseTemplate } from './route-template.ts';
import type { Segment } from './route-template.ts';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

export type HttpRoute = {
  target: RegisteredFunction;
  /** With the prefix, without leading slash. */
  path: string;
  template: Segment[];
  methods: ReadonlySet<string>;
  authLevel: AuthLevel;
};

export type RouteMatch = { route: HttpRoute; parameters: RouteParameters };
export type RouteTable = { routes: readonly HttpRoute[]; find: (method: string, path: string) => RouteMatch | undefined };

/**
 * Builds the table. The method is a constraint of a route, so a wrong one is no match at all (404, never 405) and the
 * next route gets its chance. Throws RouteError for a bad template.
 */
export const createRouteTable = (targets: readonly RegisteredFunction[], routePrefix: string): RouteTable => {
  const routes = targets.flatMap((target) => toRoute(target, routePrefix));
  routes.sort((a, b) => compareTemplates(a.template, b.template));
  return { routes, find: (method, path) => find(routes, method.toUpperCase(), pathSegments(path)) };
};

const find = (routes: readonly HttpRoute[], method: string, path: readonly string[]): RouteMatch | undefined => {
  for (const route of routes) {
    if (!route.methods.has(method)) continue;
    const parameters = matchTemplate(route.template, path);
    if (parameters) return { route, parameters };
  }
  return undefined;
};

type HttpOptions = { route?: string; methods?: string[]; authLevel?: string };

const toRoute = (target: RegisteredFunction, routePrefix: string): HttpRoute[] => {
  const trigger = Object.values(target.metadata.bindings).find((binding) => binding.type.toLowerCase() === 'httptrigger');
  if (!trigger) return [];
  const { route, methods = [], authLevel } = trigger as HttpOptions;
  const path = [routePrefix, route || target.metadata.name].filter((part) => part !== '').join('/');
  return [
    {
      target,
      path,
      template: parseTemplate(path),
      methods: new Set(methods.map((m) => m.toUpperCase())),
      authLevel: toAuthLevel(authLevel),
    },
  ];
};

/** An unknown level is the strictest one. */
const toAuthLevel = (level: string | undefined): AuthLevel => {
  const lower = (level ?? 'function').toLowerCase();
  return lower === 'anonymous' || lower === 'function' ? lower : 'admin';
};
