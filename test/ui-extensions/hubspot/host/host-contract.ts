/** What page and Worker of the host tell each other. */

export interface Extension {
  /** Address of the production bundle. */
  readonly bundle: string;
  readonly context: {
    readonly location: string;
    readonly portal: { readonly id: number; readonly timezone: string };
    readonly user: { readonly id: number; readonly email: string };
  };
  /** Of the record that is open. */
  readonly properties: Record<string, string>;
}

export interface HostActions {
  closeOverlay(id: string): void;
  /** The bundle is loaded, and is called now. */
  handsOver(): void;
}

export type ProxyFetch = (
  url: string,
  options: { method?: string; timeout?: number; body?: object; headers?: object },
) => Promise<{ status: number; text: string }>;

/** What the page is opened with, as JSON in its fragment. */
export interface Opened extends Extension {
  /** Where HubSpot's own proxy for developers listens: it signs. */
  readonly proxy: string;
  readonly place: 'page' | 'sidebar';
}
