import type { Finding } from '../../../server/api.ts';
import { text } from '../../console/src/text.ts';

/** What a person is called in lists: as LinkedIn has it, else as the CRM has it. */
export const nameOf = ({ license, crmUser }: Finding): string => license?.name || crmUser?.name || text.common.noName;
