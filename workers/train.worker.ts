import { announceLife } from '../lib/browser/worker-life';
import { hostTraining } from '../lib/proxy/host';
import type { ToTrainer } from '../lib/proxy/messages';

const send = (message: unknown) => self.postMessage(message);
const receive = hostTraining(send, () => new Promise((resolve) => setTimeout(resolve, 0)));
self.onmessage = ({ data }: MessageEvent<ToTrainer>) => receive(data);
announceLife(send);
