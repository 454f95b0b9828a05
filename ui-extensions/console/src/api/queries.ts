import { queryOptions } from '@tanstack/react-query';
import {
  getOverview,
  getPerson,
  getReconciliation,
  getSession,
  getSettings,
  getUpload,
  listFiles,
  listPeople,
  listReconciliations,
  readFile,
} from './client.ts';

/** What each page reads. The first part of a key is what a server event makes stale. */
export const queries = {
  session: queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => getSession(signal), staleTime: Number.POSITIVE_INFINITY }),
  overview: queryOptions({ queryKey: ['overview'], queryFn: ({ signal }) => getOverview(signal) }),
  people: (query: URLSearchParams) =>
    queryOptions({
      queryKey: ['people', query.toString()],
      queryFn: ({ signal }) => listPeople(query, signal),
      placeholderData: (before) => before,
    }),
  person: (key: string) => queryOptions({ queryKey: ['person', key], queryFn: ({ signal }) => getPerson(key, signal) }),
  upload: (id: string) => queryOptions({ queryKey: ['upload', id], queryFn: ({ signal }) => getUpload(id, signal) }),
  runs: (cursor: string | null) =>
    queryOptions({
      queryKey: ['runs', cursor],
      queryFn: ({ signal }) => listReconciliations(cursor, signal),
      placeholderData: (before) => before,
    }),
  run: (id: string) =>
    queryOptions({
      queryKey: ['run', id],
      queryFn: ({ signal }) => getReconciliation(id, signal),
      // Server events say when to look again; asking is for the case that one was lost.
      refetchInterval: ({ state }) => (state.data && ['queued', 'running'].includes(state.data.state) ? 1000 : false),
    }),
  files: (id: string) => queryOptions({ queryKey: ['files', id], queryFn: ({ signal }) => listFiles(id, signal) }),
  file: (id: string, name: string) =>
    queryOptions({
      queryKey: ['file', id, name],
      queryFn: ({ signal }) => readFile(id, name, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  settings: queryOptions({ queryKey: ['settings'], queryFn: ({ signal }) => getSettings(signal) }),
};
