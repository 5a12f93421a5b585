import { html, pageOf, wantsPage } from './page';

describe('a page of the development tools', () => {
  it('escapes what strangers wrote', () => {
    expect(html`<b title="${'"'}">${'<script>&'}</b>`.source).toBe('<b title="&#34;">&#60;script&#62;&#38;</b>');
  });

  it('takes markup as it is, also lists of it', () => {
    const items = ['<', 'b'].map((item) => html`<i>${item}</i>`);
    expect(html`<b>${items}</b>`.source).toBe('<b><i>&#60;</i><i>b</i></b>');
  });

  it('loads nothing from elsewhere', () => {
    expect(pageOf('Mailbox', 'Mail.', [])).not.toMatch(/src=|<link|@import|url\(/);
  });

  it('is for browsers; scripts get JSON', () => {
    expect(wantsPage('text/html,application/xhtml+xml')).toBe(true);
    expect(['application/json', '*/*', undefined].map(wantsPage)).toEqual([false, false, false]);
  });
});
