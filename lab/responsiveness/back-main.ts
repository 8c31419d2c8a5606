import { ready, settingsOfEntry } from '../kit/entry.ts';
import { openServiceBack, type ServiceSettings } from './service.ts';

ready(await openServiceBack(settingsOfEntry() as ServiceSettings));
