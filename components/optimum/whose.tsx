'use client';

import { otherStudyText } from '../../lib/session/view-store';
import { useSession, useView } from '../shell/stores';

/** Whose answer and limits are on view, while another study is being trained; else nothing. */
export function Whose() {
  const { name, source } = useSession().study;
  const news = useView(({ jobs }) => jobs.proxies);
  const text = otherStudyText({ name, training: source.training }, news);
  return text === '' ? null : (
    <>
      <strong>{text}</strong>{' '}
    </>
  );
}
