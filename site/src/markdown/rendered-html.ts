import { renderInline } from './render-inline.ts';
import { renderMarkdown } from './render-markdown.ts';

/** HTML that passes into a page as it is. Made here and nowhere else. */
export class RenderedHtml {
  readonly html: string;

  private constructor(html: string) {
    this.html = html;
  }

  /** A publisher's README. */
  static ofMarkdown(text: string): RenderedHtml {
    return new RenderedHtml(renderMarkdown(text));
  }

  /** One line of a publisher's, such as the notes on a version. */
  static ofLine(text: string): RenderedHtml {
    return new RenderedHtml(renderInline(text, { anchors: NO_ANCHORS }));
  }
}

const NO_ANCHORS: ReadonlySet<string> = new Set();
