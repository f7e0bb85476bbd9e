import type { Metadata } from 'next';
import { roomOf } from '../../../components/shell/rooms';

export const metadata: Metadata = { title: roomOf('lab').title };

/** The address of a room: the layout draws it. */
export default function Page() {
  return null;
}
