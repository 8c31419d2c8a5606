import { ready, settingsOfEntry } from '../kit/entry.ts';
import { openServiceFront, type ServiceSettings } from './service.ts';

const { port, ...settings } = settingsOfEntry() as ServiceSettings & { readonly port: number };
ready(await openServiceFront(settings, port));
