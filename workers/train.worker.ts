import { announceLife } from '../lib/browser/worker-life';
import type { ToTrainer } from '../lib/training/protocol';
import { hostTraining } from '../lib/training/trainer';

const send = (message: unknown) => self.postMessage(message);
const receive = hostTraining(send, () => new Promise((resolve) => setTimeout(resolve, 0)));
self.onmessage = ({ data }: MessageEvent<ToTrainer>) => receive(data);
void announceLife(send);
