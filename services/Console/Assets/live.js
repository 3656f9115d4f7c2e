// Keeps the [data-live] parts of a page up to date. Everything else works without this file.
(() => {
  'use strict';
  const regions = () => [...document.querySelectorAll('.live[id]')];
  const topics = [...new Set(regions().flatMap(r => (r.dataset.live || '').split(' ').filter(Boolean)))];
  const indicator = document.getElementById('live-state');
  const announcer = document.getElementById('announcer');
  // A list of many rows is read less often than one execution.
  const gap = document.querySelector('.live[data-keyed]') ? 5000 : 1000, announceGap = 10000;
  const whole = new Set();
  let source = null, timer = 0, last = 0, running = false, again = false, announced = 0, announceTimer = 0;

  const show = (state, text) => {
    if (!indicator || !topics.length) return;
    indicator.hidden = false;
    indicator.dataset.state = state;
    indicator.textContent = text;
  };

  // Forms carry a fresh token in every answer; that alone is no difference.
  const text = el => el.innerHTML.replace(/(name="__RequestVerificationToken"[^>]*?value=")[^"]*/g, '$1');

  // Whatever a person is in the middle of stays: an open confirmation, a field being typed in, selected text.
  const busy = region => {
    if (region.querySelector('details.confirm[open]')) return true;
    const active = document.activeElement;
    if (region.contains(active) && active.matches('input, select, textarea')) return true;
    const selection = document.getSelection();
    return !!selection && !selection.isCollapsed && region.contains(selection.anchorNode);
  };

  const keyOf = el => el.id ? '#' + CSS.escape(el.id) : el.getAttribute('href') ? `${el.localName}[href="${CSS.escape(el.getAttribute('href'))}"]`
    : el.localName === 'summary' && el.parentElement.id ? `#${CSS.escape(el.parentElement.id)} > summary`
    : el.getAttribute('aria-label') ? `${el.localName}[aria-label="${CSS.escape(el.getAttribute('aria-label'))}"]` : null;

  function swap(region, fresh) {
    const active = region.contains(document.activeElement) ? keyOf(document.activeElement) : null;
    const toggled = new Map([...region.querySelectorAll('details[id]')].map(d => [d.id, d.open]));
    const scrolled = new Map([...region.querySelectorAll('[id]')].filter(e => e.scrollTop || e.scrollLeft)
      .map(e => [e.id, [e.scrollLeft, e.scrollTop]]));
    region.replaceChildren(...document.adoptNode(fresh).childNodes);
    for (const [id, open] of toggled) { const d = document.getElementById(id); if (d) d.open = open; }
    for (const [id, [left, top]] of scrolled) document.getElementById(id)?.scrollTo(left, top);
    if (active) region.querySelector(active)?.focus({ preventScroll: true });
  }

  const rows = root => new Map([...root.querySelectorAll('[data-key]')].map(e => [e.dataset.key, e]));

  // Nothing moves under the pointer: rows that are shown stay, what came and went is told. False where all has to be shown anew.
  function merge(region, fresh) {
    const shown = rows(region), now = rows(fresh);
    if (!shown.size || !now.size || whole.delete(region.id)) return false;
    const come = [...now.keys()].filter(key => !shown.has(key)).length;
    let gone = 0;
    for (const [key, row] of now) {
      const old = shown.get(key);
      if (old && text(row) !== text(old) && !busy(old)) swap(old, row);
    }
    for (const [key, row] of shown) gone += row.classList.toggle('left', !now.has(key));
    const news = region.querySelector('.news button');
    news.hidden = !come && !gone;
    news.textContent = (come ? `${come}${come === now.size ? '+' : ''} new` : `${gone} no longer here`) + ': show';
    return true;
  }

  addEventListener('click', e => {
    if (!e.target.matches?.('.news button')) return;
    whole.add(e.target.closest('.live').id);
    refresh();
  });

  function announce() {
    const words = regions().map(r => r.dataset.announce).filter(Boolean).join('. ');
    if (!announcer || announcer.dataset.words === words) return;
    const wait = Math.max(0, announced + announceGap - Date.now());
    clearTimeout(announceTimer);
    announceTimer = setTimeout(() => {
      announced = Date.now();
      announcer.dataset.words = words;
      announcer.textContent = words;
    }, wait);
  }

  async function refresh() {
    if (running) { again = true; return; }
    running = true;
    last = Date.now();
    try {
      const answer = await fetch(location.href, { headers: { 'X-Live': '1' }, credentials: 'same-origin' });
      if (answer.redirected && new URL(answer.url).pathname === '/login') { location.reload(); return; }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const region of regions()) {
        const fresh = page.getElementById(region.id);
        if (!fresh) continue;
        region.dataset.announce = fresh.dataset.announce || '';
        if ('keyed' in region.dataset && merge(region, fresh)) continue;
        if (busy(region)) { again = true; continue; }
        if (text(fresh) !== text(region)) swap(region, fresh);
      }
      announce();
      if (document.querySelector('.live .problem')) setTimeout(soon, 5000);
    } catch {
      show('lost', 'Console not reachable');
    } finally {
      running = false;
      if (again) { again = false; soon(); }
    }
  }

  function soon() {
    if (timer || document.hidden) return;
    timer = setTimeout(() => { timer = 0; refresh(); }, Math.max(0, last + gap - Date.now()));
  }

  // How the services are is told again and again, so that no page misses it; mostly it is on the page already.
  const shown = ({ topic, says }) => topic === 'health' && says === (document.getElementById('health')?.dataset.announce || '');

  // Before the page is fetched anew: what it shows besides may come from the very service that hangs.
  const warn = says => document.getElementById('health')?.replaceChildren(
    ...(says ? [Object.assign(document.createElement('p'), { className: 'banner failed', textContent: says })] : []));

  function connect() {
    if (source || !topics.length) return;
    source = new EventSource('/events?' + topics.map(t => 'from=' + encodeURIComponent(t)).join('&'));
    source.addEventListener('open', () => show('live', 'Live'));
    source.addEventListener('changed', e => {
      const told = JSON.parse(e.data);
      if (shown(told)) return;
      if (told.topic === 'health') warn(told.says);
      soon();
    });
    source.addEventListener('error', () => {
      show('lost', 'Reconnecting…');
      if (source.readyState === EventSource.CLOSED) { disconnect(); setTimeout(connect, 5000); }
    });
  }

  function disconnect() { source?.close(); source = null; }

  for (const e of document.querySelectorAll('.canvas')) e.scrollLeft = (e.scrollWidth - e.clientWidth) / 2;
  if (!regions().length) return;
  if (announcer) announcer.dataset.words = regions().map(r => r.dataset.announce).filter(Boolean).join('. ');
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', e => { if (e.persisted) { soon(); connect(); } });
  document.addEventListener('visibilitychange', () => { if (document.hidden) disconnect(); else { connect(); soon(); } });
  connect();
  // Of some parts no feed tells all.
  const every = Math.min(...regions().map(r => Number(r.dataset.every) || Infinity));
  if (every < Infinity) setInterval(soon, every * 1000);
  if (document.querySelector('.live .problem')) setTimeout(soon, 5000);
})();
